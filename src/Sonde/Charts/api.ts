// What the server sends, by the names of the API.

export interface Sample {
  readonly target: string;
  readonly family: number;
  readonly round: number;
  readonly index: number;
  readonly sentAtMs: number;
  readonly rttMs: number | null;
  readonly loss: string | null;
  readonly suspect: boolean;
}

export interface LatestFigures {
  readonly lastRttMs: number | null;
  readonly lastLoss: string | null;
  readonly lastSuspect: boolean;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly lossRatio: number | null;
  readonly jitterMs: number | null;
}

export interface LiveRow extends LatestFigures {
  readonly id: string;
  readonly state: string;
  readonly stateSince: string | null;
  readonly uptimeRatio: number | null;
  readonly problem: string | null;
  /** IPv4 and IPv6 apart, when it is measured over both; else empty. */
  readonly families: LatestFigures[];
  readonly traces: { readonly line: string; readonly suspect: string; readonly lost: string }[] | null;
}

export interface LiveRows {
  readonly rows: LiveRow[];
  readonly totals: Readonly<Record<string, number>>;
}

export interface SampleColumns {
  readonly family: number;
  readonly round: number[];
  readonly index: number[];
  readonly sentAtMs: number[];
  readonly rttMs: (number | null)[];
  readonly loss: (string | null)[];
  readonly suspect: boolean[];
}

export interface Mark {
  readonly atMs: number;
  readonly kind: string;
  readonly text: string;
}

export interface ChartSamples {
  readonly intervalSeconds: number | null;
  readonly series: SampleColumns[];
  readonly marks: Mark[];
}

export interface WindowSummary {
  readonly minutes: number;
  readonly losses: { readonly reason: string; readonly meaning: string; readonly count: number }[];
  readonly [figure: string]: unknown;
}

export interface PhaseSummary {
  readonly phase: string;
  readonly family: number;
  readonly lastMs: number | null;
  readonly lastLoss: string | null;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly lost: number;
  readonly losses: { readonly reason: string; readonly count: number }[];
}

export interface TargetDetails {
  readonly target: { readonly missedRounds: number; readonly lateAnswers: number; readonly lastLoss: string | null };
  readonly phases: PhaseSummary[];
  readonly certificateExpiresAt: string | null;
  readonly lastLoss: { readonly at: string; readonly detail: string } | null;
  readonly series: {
    readonly family: number;
    readonly state: string;
    readonly uptimeRatio: number | null;
    readonly windows: WindowSummary[];
  }[];
}
