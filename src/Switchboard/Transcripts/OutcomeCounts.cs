using System.Globalization;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>How many turns of a call ended how: one with several requests as the worst of them, see <see cref="TurnTranscript.WorstOutcome"/>.</summary>
internal sealed record OutcomeCounts(IReadOnlyDictionary<string, int> Turns)
{
    /// <summary>How the worst ended; null where there is none.</summary>
    public string? Worst => TurnOutcome.Worst(Turns.Keys);

    /// <param name="text">As <see cref="ToString"/> writes it; what cannot be read is left out.</param>
    public static OutcomeCounts Of(string text) => new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('='))
        .Where(part => part is [{ Length: > 0 }, var count] && int.TryParse(count, CultureInfo.InvariantCulture, out var turns) && turns > 0)
        .DistinctBy(part => part[0], StringComparer.Ordinal)
        .ToDictionary(part => part[0], part => int.Parse(part[1], CultureInfo.InvariantCulture), StringComparer.Ordinal));

    public OutcomeCounts Plus(string outcome) => Changed(outcome, 1);

    public OutcomeCounts Less(string? outcome) => outcome is null ? this : Changed(outcome, -1);

    public override string ToString() => string.Join(' ', Turns.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key}={each.Value}")));

    private OutcomeCounts Changed(string outcome, int by)
    {
        var turns = new Dictionary<string, int>(Turns, StringComparer.Ordinal);
        turns[outcome] = turns.GetValueOrDefault(outcome) + by;
        if (turns[outcome] <= 0)
        {
            turns.Remove(outcome);
        }

        return new OutcomeCounts(turns);
    }
}
