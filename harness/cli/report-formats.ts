/** Formats of `report`. Not in the command itself: importing the writers only for the help text would make every command start slower. */
export const REPORT_FORMATS = ['console', 'json', 'junit', 'html', 'markdown', 'sarif', 'openmetrics', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Formats of `fleet`. */
export const FLEET_FORMATS = ['console', 'json', 'html', 'openmetrics'] as const;
export type FleetFormat = (typeof FLEET_FORMATS)[number];
