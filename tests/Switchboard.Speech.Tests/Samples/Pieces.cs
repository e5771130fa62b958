using Switchboard.Speech;

namespace Samples;

public static class Pieces
{
    public static IEnumerable<string> MakeSpeakable(IEnumerable<string> written)
    {
        var filter = new SpokenTextFilter();
        foreach (var piece in written)
        {
            yield return filter.Push(piece);
        }

        yield return filter.Complete();
    }
}
