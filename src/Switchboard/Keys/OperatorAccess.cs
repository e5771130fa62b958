namespace Switchboard.Keys;

/// <summary>The keys of those who read what was said on calls. They are kept apart from the platforms' keys, by all the same parts.</summary>
internal static class OperatorAccess
{
    /// <summary>The key of these parts among the services.</summary>
    public const string Key = "operators";
}
