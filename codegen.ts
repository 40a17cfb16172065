import type { CodegenConfig } from '@graphql-codegen/cli';

/** `npm run codegen`: types for the playground's operations, from what the schema says. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'web/src/client/operations.ts',
  importExtension: '.ts',
  generates: {
    'web/src/gql/': {
      preset: 'client',
      // What arrives is copied into the page's own state, so there is nothing to mask.
      presetConfig: { fragmentMasking: false },
      config: { enumsAsTypes: true, useTypeImports: true, scalars: { DateTime: 'string' } },
    },
  },
};

export default config;
