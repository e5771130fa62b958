namespace Switchboard.Speech.Tests;

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

    /// <summary>The text of the calls among the pieces.</summary>
    public static string Calls(IEnumerable<string> pieces, SpokenTextOptions options)
    {
        var filter = new SpokenTextFilter(options) { Calls = [] };
        foreach (var piece in pieces)
        {
            filter.Push(piece);
        }

        filter.Complete();
        return string.Join('\u0001', filter.Calls);
    }
}
