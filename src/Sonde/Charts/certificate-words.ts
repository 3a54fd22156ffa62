import { count } from "./figures";

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** What CertificateWords.cs says. */
export function certificateWords(expiresAt: string | null, now: number): string {
  if (expiresAt === null) {
    return "";
  }
  const end = new Date(expiresAt);
  const left = end.getTime() - now;
  const date = end.toISOString().slice(0, 10);
  return left > 0
    ? `certificate expires in ${span(left)} (${date})`
    : `certificate expired ${span(-left)} ago (${date})`;
}

/** The class that colours it. */
export function certificateUrgency(expiresAt: string | null, now: number): string {
  const left = expiresAt === null ? Infinity : new Date(expiresAt).getTime() - now;
  return left < 7 * day ? "very-soon" : left < 21 * day ? "soon" : "";
}

function span(length: number): string {
  return length >= 2 * day ? counted(length / day, "day")
    : length >= 2 * hour ? counted(length / hour, "hour")
    : counted(length / minute, "minute");
}

function counted(number: number, unit: string): string {
  const whole = Math.floor(number);
  return `${count(whole)} ${unit}${whole === 1 ? "" : "s"}`;
}
