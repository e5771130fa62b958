namespace Switchboard.Actions;

/// <summary>What stands at a place where a directive may begin.</summary>
internal enum DirectiveMatchKind
{
    /// <summary>Text.</summary>
    None,

    /// <summary>More text must tell.</summary>
    Undecided,

    /// <summary>A beginning, and inside it another one.</summary>
    Interrupted,

    /// <summary>A directive with its end.</summary>
    Whole,

    /// <summary>A directive that never ends.</summary>
    Unended,
}
