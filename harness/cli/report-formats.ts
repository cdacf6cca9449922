/** What `report` prints. Not in the command itself: importing the writers for a line of help would make every command start slower. */
export const REPORT_FORMATS = ['console', 'json', 'junit', 'html', 'markdown', 'sarif', 'openmetrics', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
