const wanted =
  process.stdout.isTTY === true &&
  // Set to anything but nothing: no-color.org.
  !process.env['NO_COLOR'] &&
  !process.argv.includes('--no-color');
const styled =
  (code: number) =>
  (text: string): string =>
    wanted && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;

/** Colours on a terminal, plain text everywhere else. */
export const paint = {
  bold: styled(1),
  dim: styled(2),
  red: styled(31),
  green: styled(32),
  yellow: styled(33),
  cyan: styled(36),
};
