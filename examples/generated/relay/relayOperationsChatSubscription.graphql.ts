/**
 * @generated SignedSource<<9a53df6fb440a4631711a0d36d8ef5ef>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type ChatRole = "ASSISTANT" | "SYSTEM" | "USER" | "%future added value";
export type FailureCode = "BAD_RESPONSE" | "BLOCKED" | "RATE_LIMITED" | "REJECTED" | "SHUTTING_DOWN" | "TIMEOUT" | "TOO_LARGE" | "UNAUTHORIZED" | "UNAVAILABLE" | "UNREACHABLE" | "%future added value";
export type FailurePolicy = "FAIL" | "RESTART" | "%future added value";
export type ChatInput = {
  id?: string | null | undefined;
  maxTokens?: number | null | undefined;
  messages: ReadonlyArray<ChatMessageInput>;
  model?: string | null | undefined;
  onFailure?: FailurePolicy | null | undefined;
  provider?: string | null | undefined;
  seed?: number | null | undefined;
  stop?: ReadonlyArray<string> | null | undefined;
  temperature?: number | null | undefined;
  topP?: number | null | undefined;
};
export type ChatMessageInput = {
  content: string;
  role: ChatRole;
};
export type relayOperationsChatSubscription$variables = {
  input: ChatInput;
};
export type relayOperationsChatSubscription$data = {
  readonly chat: {
    readonly __typename: "ChatDelta";
    readonly text: string;
  } | {
    readonly __typename: "ChatFailed";
    readonly code: FailureCode;
    readonly message: string;
  } | {
    readonly __typename: "ChatStarted";
    readonly seq: number;
  } | {
    // This will never be '%other', but we need some
    // value in case none of the concrete values match.
    readonly __typename: "%other";
  };
};
export type relayOperationsChatSubscription = {
  response: relayOperationsChatSubscription$data;
  variables: relayOperationsChatSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "seq",
  "storageKey": null
},
v4 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "text",
      "storageKey": null
    }
  ],
  "type": "ChatDelta",
  "abstractKey": null
},
v5 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "type": "ChatFailed",
  "abstractKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "relayOperationsChatSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "chat",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": [
              (v3/*:: as any*/)
            ],
            "type": "ChatStarted",
            "abstractKey": null
          },
          (v4/*:: as any*/),
          (v5/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "relayOperationsChatSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "chat",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": [
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "id",
                "storageKey": null
              }
            ],
            "type": "ChatStarted",
            "abstractKey": null
          },
          (v4/*:: as any*/),
          (v5/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "aed26705377564bfcd67a0355b009d6b",
    "id": null,
    "metadata": {},
    "name": "relayOperationsChatSubscription",
    "operationKind": "subscription",
    "text": "subscription relayOperationsChatSubscription(\n  $input: ChatInput!\n) {\n  chat(input: $input) {\n    __typename\n    ... on ChatStarted {\n      seq\n      id\n    }\n    ... on ChatDelta {\n      text\n    }\n    ... on ChatFailed {\n      code\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "a9f0adbcdc0000dddcae0f1e77eb776d";

export default node;
