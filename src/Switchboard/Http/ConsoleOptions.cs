namespace Switchboard.Http;

/// <summary>The page for people: the section <c>Console</c>.</summary>
public sealed class ConsoleOptions
{
    /// <summary>
    /// Whether <c>GET console</c> serves the page. Default false; LocalHost's default is true. The page holds no secret, and what
    /// it asks for needs the same keys as ever, but an app without operators' browsers has no use for it.
    /// </summary>
    public bool Enabled { get; set; }
}
