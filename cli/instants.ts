/** Instants are printed in UTC, and say so. */
const upTo = (instant: string, length: number) => `${instant.slice(0, length).replace('T', ' ')}Z`;

/** 2026-11-23 12:08Z */
export const minute = (instant: string) => upTo(instant, 16);
/** 2026-11-23 12:08:13Z */
export const second = (instant: string) => upTo(instant, 19);
