import type { CodegenConfig } from '@graphql-codegen/cli';

// The types of the operations that our own clients send, from schema.graphql alone. `npm run codegen` writes them anew.
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'web/src/gql/': {
      documents: 'web/src/client/operations.ts',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { enumsAsTypes: true, useTypeImports: true, scalars: { DateTime: 'string', JSON: 'unknown' } },
    },
    'src/cli/generated/': {
      documents: 'src/cli/operations.ts',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumType: 'string-literal',
        scalars: { DateTime: 'string', ID: 'string', JSON: 'unknown' },
      },
    },
    'examples/generated/': {
      documents: 'examples/operations.ts',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumType: 'string-literal',
        scalars: { DateTime: 'string', ID: 'string', JSON: 'unknown' },
      },
    },
  },
  importExtension: '.ts',
};

export default config;
