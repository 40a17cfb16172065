/**
 * @generated SignedSource<<a303906fbc93b0c4641a2e27f502e631>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type FailureCode = "BAD_RESPONSE" | "BLOCKED" | "RATE_LIMITED" | "REJECTED" | "SHUTTING_DOWN" | "TIMEOUT" | "TOO_LARGE" | "UNAUTHORIZED" | "UNAVAILABLE" | "UNREACHABLE" | "%future added value";
export type GenerateImageInput = {
  aspectRatio?: string | null | undefined;
  count?: number | null | undefined;
  model?: string | null | undefined;
  prompt: string;
  provider?: string | null | undefined;
};
export type relayOperationsDrawMutation$variables = {
  input: GenerateImageInput;
};
export type relayOperationsDrawMutation$data = {
  readonly generateImage: {
    readonly __typename: "GeneratedImages";
    readonly images: ReadonlyArray<{
      readonly url: string;
    }>;
  } | {
    readonly __typename: "ImageFailed";
    readonly code: FailureCode;
    readonly message: string;
  } | {
    // This will never be '%other', but we need some
    // value in case none of the concrete values match.
    readonly __typename: "%other";
  };
};
export type relayOperationsDrawMutation = {
  response: relayOperationsDrawMutation$data;
  variables: relayOperationsDrawMutation$variables;
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
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": null,
    "kind": "LinkedField",
    "name": "generateImage",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "__typename",
        "storageKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "Image",
            "kind": "LinkedField",
            "name": "images",
            "plural": true,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "url",
                "storageKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "type": "GeneratedImages",
        "abstractKey": null
      },
      {
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
        "type": "ImageFailed",
        "abstractKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "relayOperationsDrawMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "relayOperationsDrawMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "576ae4adc096e3d033fadcfad862edea",
    "id": null,
    "metadata": {},
    "name": "relayOperationsDrawMutation",
    "operationKind": "mutation",
    "text": "mutation relayOperationsDrawMutation(\n  $input: GenerateImageInput!\n) {\n  generateImage(input: $input) {\n    __typename\n    ... on GeneratedImages {\n      images {\n        url\n      }\n    }\n    ... on ImageFailed {\n      code\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "b077c57f57bf68fba8a689a4204ed3c3";

export default node;
