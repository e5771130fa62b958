<<<<<<<< HEAD:src/Switchboard/Common/TurnOutcome.cs
namespace Switchboard.Common;
========
namespace Switchboard.Turn;
>>>>>>>> 18d5a69 (Move the road of a turn to Turn):src/Switchboard/Turn/TurnOutcome.cs

/// <summary>How a turn ended, as logs, metrics and transcripts say it.</summary>
internal static class TurnOutcome
{
    public const string Completed = "completed";
    public const string CallerLeft = "caller_left";
    public const string Apologised = "apologised";
    public const string Failed = "failed";
    public const string Refused = "refused";
}
