// Signs a VC-JWT as a foreign issuer with a fresh key: {credential, alg, claims?, issuer?} -> {token, issuer, jwk}. `alg` is
// ES256 or RS256. The issuer's id becomes `issuer`, or the did:key of the key; the key is named issuer#key.
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {SignJWT, exportJWK, generateKeyPair} from 'jose';
import {answer, issuedBy} from './common.mjs';
import {webcrypto} from 'node:crypto';

// jose asks for it by its global name, which Node.js 18 does not give.
globalThis.crypto ??= webcrypto;

await answer(async ({credential, alg, claims = {}, issuer}) => {
  const {publicKey, privateKey} = await generateKeyPair(alg);
  const jwk = await exportJWK(publicKey);
  const {publicKeyMultibase} = issuer ? {} : await EcdsaMultikey.fromJwk({jwk});
  const id = issuer ?? `did:key:${publicKeyMultibase}`;
  const token = await new SignJWT({...issuedBy(id, credential), ...claims})
    .setProtectedHeader({alg, typ: 'JWT', kid: `${id}#${publicKeyMultibase ?? 'key'}`})
    .setIssuer(id)
    .sign(privateKey);
  return {token, issuer: id, jwk};
});
