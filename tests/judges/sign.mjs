// Signs as a foreign issuer with a fresh key: {credential, suite, curve?, mandatory?, reveal?: [[pointer, …], …], created,
// documents} -> {credential, derived: [credential, …]}. The issuer's id becomes the did:key of the key.
//
// `suite` is ecdsa-rdfc-2019, eddsa-jcs-2022 or ecdsa-sd-2023. With the last, each list of `reveal` gets the credential in
// which the holder shows what it points at, beside what is `mandatory`.
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {answer, issuedBy, loader} from './common.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';

const SUITES = {
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-sd-2023': mandatoryPointers => ecdsaSd.createSignCryptosuite({mandatoryPointers}),
  'eddsa-jcs-2022': () => eddsaJcs.createSignCryptosuite()
};

await answer(async question => {
  const {credential, suite, curve = 'P-256', mandatory = [], reveal = [], created, documents} = question;
  const key = await (suite.startsWith('eddsa-') ? Ed25519Multikey.generate() : EcdsaMultikey.generate({curve}));
  const did = `did:key:${key.publicKeyMultibase}`;
  const signer = {...key.signer(), id: `${did}#${key.publicKeyMultibase}`};
  const documentLoader = loader(documents);
  const signed = await vc.issue({
    credential: issuedBy(did, credential),
    suite: new DataIntegrityProof({signer, date: created, cryptosuite: SUITES[suite](mandatory)}),
    documentLoader
  });
  const derived = await Promise.all(reveal.map(selectivePointers => vc.derive({
    verifiableCredential: signed,
    suite: new DataIntegrityProof({cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers})}),
    documentLoader
  })));
  return {credential: signed, derived};
});
