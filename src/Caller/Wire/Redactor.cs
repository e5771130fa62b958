namespace Caller.Wire;

/// <summary>Takes the API key out of whatever is about to be shown or stored: a server may echo it.</summary>
internal sealed class Redactor(string? key)
{
    // A key of a few letters would tear holes into ordinary words.
    private readonly bool _active = key is { Length: >= 4 };

    public string Clean(string text) => _active ? text.Replace(key!, "***", StringComparison.Ordinal) : text;

    public bool Shows(string text) => _active && text.Contains(key!, StringComparison.Ordinal);
}
