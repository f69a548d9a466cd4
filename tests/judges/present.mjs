// Presents as a foreign holder: {credentials, seed, challenge, domain, created?, documents} -> {presentation, did}.
import * as eddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {answer, keyFromSeed, loader} from './common.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

await answer(async ({credentials, seed, challenge, domain, created, documents}) => {
  const key = await keyFromSeed(seed);
  const unsigned = vc.createPresentation({verifiableCredential: credentials, holder: key.controller, verify: false});
  const suite = new DataIntegrityProof({signer: key.signer(), date: created, cryptosuite: eddsa.cryptosuite});
  const documentLoader = loader(documents);
  const presentation = await vc.signPresentation({presentation: unsigned, suite, challenge, domain, documentLoader});
  return {presentation, did: key.controller};
});
