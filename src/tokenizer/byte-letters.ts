/**
 * The letters that stand for bytes in `tokenizer.json` and GGUF files, as GPT-2 chose them: printable Latin-1 characters stand for
 * themselves, the other 68 bytes are letters from U+0100 on, so that no token holds a space or a control character.
 */

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);

const LETTERS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPrintable(byte) ? byte : next++),
  );
})();

export const lettersOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => LETTERS[byte] ?? "").join("");
