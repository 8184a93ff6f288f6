import type { PostalAddress } from '../../domain/order/order-request';

/** Characters beside Latin-1 that the standard fonts of PDF have (WinAnsiEncoding). */
const winAnsi = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

/**
 * Text in characters that the built-in fonts have: letters without their accents where need be, a question mark for
 * what has no likeness.
 */
export function printable(text: string): string {
  let out = '';
  for (const character of text.normalize('NFC').replaceAll(/\s+/g, ' ')) {
    if (isPrintable(character)) out += character;
    else {
      const plain = plainLetters[character] ?? character.normalize('NFD').replaceAll(/\p{M}/gu, '');
      out += plain !== '' && [...plain].every(isPrintable) ? plain : '?';
    }
  }
  return out;
}

const isPrintable = (character: string) =>
  /^[\u0020-\u007e\u00a0-\u00ff]$/.test(character) || winAnsi.has(character);

/** Letters that are not a letter with a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ħ: 'h',
  Ħ: 'H',
};

/** An address as its lines on paper; the country only where it is another one. */
export function addressLines(name: string, address: PostalAddress, ownCountry?: string): readonly string[] {
  const town = [address.city, [address.region, address.postalCode].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');
  const country = address.country !== undefined && address.country !== ownCountry ? [address.country] : [];
  return [name, ...address.lines, town, ...country].filter((line) => line !== '').map(printable);
}
