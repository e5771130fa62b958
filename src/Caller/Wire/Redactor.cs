using System.Text.Json;

namespace Caller.Wire;

/// <summary>Takes the API key out of whatever is about to be shown or stored: a server may echo it.</summary>
internal sealed class Redactor(string? key)
{
    // As long as a key that nobody can guess.
    private const int LeastOfWords = 20;

    // Serializers write + and / as escapes, each in its way.
    private readonly string[] _forms = key is not null && IsSecret(key)
        ? [.. new[] { key, JsonEncodedText.Encode(key).ToString(), key.Replace("/", "\\/", StringComparison.Ordinal) }.Distinct()]
        : [];

    /// <summary>
    /// Whether it is a key that must not be shown. One that is a word, a few of them or a number, as somebody types who tries what a server says to a wrong key,
    /// guards nothing, and would tear holes into what the server says: <c>wrong</c>, <c>invalid_api_key</c>.
    /// </summary>
    public static bool IsSecret(string key) => key.Length >= LeastOfWords
        || (key.Length >= 8 && key.Any(char.IsAsciiDigit) && key.Any(char.IsAsciiLetter))
        // Capitals in the middle of a word.
        || (key.Length >= 8 && key.Zip(key.Skip(1)).Any(pair => char.IsAsciiLetterLower(pair.First) && char.IsAsciiLetterUpper(pair.Second)));

    public string Clean(string text) => _forms.Aggregate(text, (clean, form) => clean.Replace(form, "***", StringComparison.Ordinal));

    public bool Shows(string text) => _forms.Any(form => text.Contains(form, StringComparison.Ordinal));

    /// <summary>How many characters at the end of the text may be the beginning of the key.</summary>
    public int Begun(string text)
    {
        var length = _forms.Length == 0 ? 0 : Math.Min(text.Length, key!.Length - 1);
        while (length > 0 && !text.AsSpan(text.Length - length).SequenceEqual(key.AsSpan(0, length)))
        {
            length--;
        }

        return length;
    }
}
