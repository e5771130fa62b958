namespace Switchboard.Access;

/// <summary>Who may ask: the section <c>Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>API keys in configuration, for local runs. None by default: then every request is refused.</summary>
    public IList<string> ApiKeys { get; } = [];
}
