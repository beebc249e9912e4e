import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { z } from 'zod';

/** What a signed answer says besides the challenge; a test changes what should not pass. */
export interface Says {
  origin?: string;
  rpId?: string;
  /** Whether the person was recognised by finger, face or PIN. */
  verified?: boolean;
  counter?: number;
  type?: string;
  /** Bytes of CBOR in place of an empty attestation statement, and its format. */
  statement?: { format: string; bytes: Buffer };
}

/** A device that makes and uses one passkey, without a browser around it (WebAuthn level 2, ES256, no attestation). */
export interface Authenticator {
  id: string;
  /** Answers `begin_registration`. */
  make(options: unknown, says?: Says): string;
  /** Answers `begin_check`. */
  confirm(options: unknown, says?: Says): string;
}

const creation = z.object({ challenge: z.string(), rp: z.object({ id: z.string() }) });
const request = z.object({ challenge: z.string(), rpId: z.string() });
const point = z.object({ x: z.string(), y: z.string() });

export function createAuthenticator(home = 'http://localhost:3000'): Authenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = point.parse(publicKey.export({ format: 'jwk' }));
  const credential = randomBytes(32);
  const id = credential.toString('base64url');
  // COSE: {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}.
  const cose = Buffer.concat([hex('a5010203262001215820'), fromBase64(x), hex('225820'), fromBase64(y)]);

  const clientDataOf = (type: string, challenge: string, origin = home) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authDataOf = (rpId: string, { verified = true, counter = 0 }: Says, attested: Buffer[]) =>
    Buffer.concat([
      createHash('sha256').update(rpId).digest(),
      Buffer.from([0x01 | (verified ? 0x04 : 0) | (attested.length > 0 ? 0x40 : 0)]),
      uint(counter, 4),
      ...attested,
    ]);

  return {
    id,
    make(options, says = {}) {
      const { challenge, rp } = creation.parse(options);
      const attested = [Buffer.alloc(16), uint(credential.length, 2), credential, cose];
      const authData = authDataOf(says.rpId ?? rp.id, says, attested);
      const { format, bytes } = says.statement ?? { format: 'none', bytes: hex('a0') };
      const attestationObject = Buffer.concat([
        hex('a3'),
        ...[text('fmt'), text(format), text('attStmt'), bytes, text('authData')],
        hex('59'),
        uint(authData.length, 2),
        authData,
      ]);
      return answer(id, {
        clientDataJSON: clientDataOf(says.type ?? 'webauthn.create', challenge, says.origin),
        attestationObject,
      });
    },
    confirm(options, says = {}) {
      const { challenge, rpId } = request.parse(options);
      const authenticatorData = authDataOf(says.rpId ?? rpId, says, []);
      const clientDataJSON = clientDataOf(says.type ?? 'webauthn.get', challenge, says.origin);
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()]);
      const signature = sign('sha256', signed, privateKey);
      return answer(id, { clientDataJSON, authenticatorData, signature });
    },
  };
}

function answer(id: string, parts: Record<string, Buffer>): string {
  const response = Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64url')]),
  );
  return JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} });
}

const hex = (digits: string) => Buffer.from(digits, 'hex');
const fromBase64 = (letters: string) => Buffer.from(letters, 'base64url');

/** A short text in CBOR. */
export const text = (word: string) => Buffer.concat([Buffer.from([0x60 + word.length]), Buffer.from(word)]);

function uint(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
