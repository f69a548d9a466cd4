// Canonical form: {document, documents} -> {nquads} or {errors}; JSON-LD in safe mode, then RDFC-1.0.
import {answer, loader, sentences} from './common.mjs';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

await answer(async ({document, documents}) => {
  try {
    return {nquads: await cryptosuite.canonize(document, {documentLoader: loader(documents)})};
  } catch (error) {
    return {errors: sentences(error)};
  }
});
