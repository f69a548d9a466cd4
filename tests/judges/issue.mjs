// Signs as a foreign issuer: {credential, seed, verificationMethod?, created?, documents} -> {credential, did,
// verificationMethod, publicKeyMultibase}. The issuer's id becomes the controller of the key.
import * as eddsa from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {answer, issuedBy, keyFromSeed, loader} from './common.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

await answer(async ({credential, seed, verificationMethod, created, documents}) => {
  const key = await keyFromSeed(seed, verificationMethod);
  const suite = new DataIntegrityProof({signer: key.signer(), date: created, cryptosuite: eddsa.cryptosuite});
  const signed = await vc.issue({
    credential: issuedBy(key.controller, credential),
    suite,
    documentLoader: loader(documents)
  });
  return {
    credential: signed,
    did: key.controller,
    verificationMethod: key.id,
    publicKeyMultibase: key.publicKeyMultibase
  };
});
