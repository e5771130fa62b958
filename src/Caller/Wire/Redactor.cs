using System.Text.Json;

namespace Caller.Wire;

/// <summary>Takes the API key out of whatever is about to be shown or stored: a server may echo it.</summary>
internal sealed class Redactor(string? key)
{
    // A key of a few letters would tear holes into ordinary words. Serializers write + and / as escapes, each in its way.
    private readonly string[] _forms = key is { Length: >= 4 }
        ? [.. new[] { key, JsonEncodedText.Encode(key).ToString(), key.Replace("/", "\\/", StringComparison.Ordinal) }.Distinct()]
        : [];

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
