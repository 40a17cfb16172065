import { builder } from './builder.ts';
import './chat.ts';
import './image.ts';
import './model.ts';
import './provider.ts';

export const schema = builder.toSchema({ sortSchema: false });
