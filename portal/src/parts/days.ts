const two = (value: number) => String(value).padStart(2, '0');

/** The day in so many days, where the person is. */
export function dayIn(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last moment of a day, as the person who names it counts it. */
export const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString();
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
