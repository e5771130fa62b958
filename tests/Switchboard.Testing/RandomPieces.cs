namespace Switchboard.Testing;

internal static class RandomPieces
{
    /// <summary>Cuts a text at random places; pieces may be empty and may part surrogate pairs.</summary>
    public static IEnumerable<string> Of(string text, Random random, int longest)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(longest + 1), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
