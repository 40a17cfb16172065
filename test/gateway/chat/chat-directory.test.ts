import { createChatDirectory } from '../../../src/gateway/chat/chat-directory.ts';
import { describeChatDirectory } from '../../helpers/chat-directory-suite.ts';

describeChatDirectory('in memory', createChatDirectory);
