namespace Switchboard.Common;

/// <summary>How a turn ended, as logs, metrics and transcripts say it.</summary>
internal static class TurnOutcome
{
    public const string Completed = "completed";
    public const string CallerLeft = "caller_left";
    public const string Apologised = "apologised";
    public const string Failed = "failed";
    public const string Refused = "refused";

    /// <summary>The app stopped before it ended.</summary>
    public const string Stopped = "stopped";

    /// <summary>All of them, the worst first: what the caller felt most.</summary>
    public static readonly IReadOnlyList<string> WorstFirst = [Failed, Apologised, Stopped, Refused, CallerLeft, Completed];

    /// <summary>The worst of several; one that is not known here, as another version may write it, counts where there is no other.</summary>
    public static string? Worst(IEnumerable<string> outcomes) => outcomes.MinBy(Rank);

    /// <summary>Whether the caller got no answer, or not all of it, by nobody's wish.</summary>
    public static bool WentWrong(string outcome) => outcome is Failed or Apologised or Stopped;

    private static int Rank(string outcome)
    {
        for (var rank = 0; rank < WorstFirst.Count; rank++)
        {
            if (WorstFirst[rank] == outcome)
            {
                return rank;
            }
        }

        return WorstFirst.Count;
    }
}
