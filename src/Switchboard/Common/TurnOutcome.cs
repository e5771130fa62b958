namespace Switchboard.Common;

/// <summary>How a turn ended, as logs, metrics and transcripts say it.</summary>
internal static class TurnOutcome
{
    public const string Completed = "completed";
    public const string CallerLeft = "caller_left";
    public const string Apologised = "apologised";
    public const string Failed = "failed";
    public const string Refused = "refused";
}
