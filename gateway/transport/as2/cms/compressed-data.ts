import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { Constructed, Integer, ObjectIdentifier, OctetString } from 'asn1js';
import { As2Failure, asFailure } from '../as2-failure';
import { oids } from './algorithms';
import { arrayBufferOf, bufferOf, type ContentInfo, childrenOf, objectId, sequence } from './asn1';

const compress = promisify(deflate);
const expand = promisify(inflate);

/** RFC 3274 section 1.1. */
export async function compressedData(content: Uint8Array): Promise<Buffer> {
  const compressed = await compress(content);
  const tagged = (value: unknown) =>
    new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value as never] });
  const info = sequence(
    objectId(oids.compressedData),
    tagged(
      sequence(
        new Integer({ value: 0 }),
        sequence(objectId(oids.zlib)),
        sequence(objectId(oids.data), tagged(new OctetString({ valueHex: arrayBufferOf(compressed) }))),
      ),
    ),
  );
  return bufferOf(info.toBER());
}

/**
 * @param limitBytes what comes out may not be larger: a few kilobytes can be made to expand to gigabytes
 * @throws As2Failure decompression-failed
 */
export async function decompress({ content }: ContentInfo, limitBytes: number): Promise<Buffer> {
  const [, algorithm, encapsulated] = childrenOf(content);
  const [id] = childrenOf(algorithm);
  const algorithmId = id instanceof ObjectIdentifier ? id.valueBlock.toString() : 'none';
  if (algorithmId !== oids.zlib)
    throw new As2Failure('decompression-failed', `The compression ${algorithmId} is not ZLIB (RFC 3274).`);
  const octets = childrenOf(childrenOf(encapsulated)[1])[0];
  if (!(octets instanceof OctetString))
    throw new As2Failure('decompression-failed', 'The compressed content is missing.');
  try {
    return await expand(bufferOf(octets.getValue()), { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new As2Failure(
        'decompression-failed',
        `It expands to more than ${Math.floor(limitBytes / 1024 / 1024)} MB.`,
      );
    throw asFailure('decompression-failed', 'The compressed content is damaged.', error);
  }
}
