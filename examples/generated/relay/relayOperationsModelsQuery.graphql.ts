/**
 * @generated SignedSource<<62c6d1474f4ecb4c3e4dec4edb373bb7>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type ModelKind = "CHAT" | "IMAGE" | "%future added value";
export type relayOperationsModelsQuery$variables = Record<PropertyKey, never>;
export type relayOperationsModelsQuery$data = {
  readonly models: ReadonlyArray<{
    readonly id: string;
    readonly kind: ModelKind;
  }>;
};
export type relayOperationsModelsQuery = {
  response: relayOperationsModelsQuery$data;
  variables: relayOperationsModelsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "Model",
    "kind": "LinkedField",
    "name": "models",
    "plural": true,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "id",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "kind",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "relayOperationsModelsQuery",
    "selections": (v0/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "relayOperationsModelsQuery",
    "selections": (v0/*:: as any*/)
  },
  "params": {
    "cacheID": "66cdb4fe286ee410ef178877f63ce54f",
    "id": null,
    "metadata": {},
    "name": "relayOperationsModelsQuery",
    "operationKind": "query",
    "text": "query relayOperationsModelsQuery {\n  models {\n    id\n    kind\n  }\n}\n"
  }
};
})();

(node as any).hash = "c8d980d2a34d6fd64a84dece4f595900";

export default node;
