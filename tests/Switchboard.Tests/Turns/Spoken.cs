using Switchboard.Turns;

namespace Switchboard.Tests.Turns;

/// <summary>Runs texts through the filter.</summary>
internal static class Spoken
{
    public static string Whole(string text, SpokenTextOptions? options = null) => Cut([text], options);

    public static string Cut(IEnumerable<string> pieces, SpokenTextOptions? options = null)
    {
        var filter = new SpokenTextFilter(options ?? new SpokenTextOptions());
        var spoken = new List<ReadOnlyMemory<char>>();
        foreach (var piece in pieces)
        {
            filter.Push(piece, spoken);
        }

        filter.Complete(spoken);
        return string.Concat(spoken);
    }

    /// <summary>Cuts a text at random places; pieces may be empty and may part surrogate pairs.</summary>
    public static IEnumerable<string> RandomPieces(string text, Random random, int longest)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(longest + 1), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
