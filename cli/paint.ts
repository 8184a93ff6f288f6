const colours = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
const styled =
  (code: number) =>
  (text: string): string =>
    colours ? `\u001b[${code}m${text}\u001b[0m` : text;

/** Colours on a terminal, plain text everywhere else. */
export const paint = {
  bold: styled(1),
  dim: styled(2),
  red: styled(31),
  green: styled(32),
  yellow: styled(33),
};
