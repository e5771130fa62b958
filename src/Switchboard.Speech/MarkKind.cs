namespace Switchboard.Speech;

/// <summary>What is to happen to the characters that a reader looked at.</summary>
internal enum MarkKind
{
    /// <summary>Not this reader's business.</summary>
    None,

    /// <summary>More text is needed before anything can be said.</summary>
    Undecided,

    /// <summary>The characters are text.</summary>
    Text,

    /// <summary>The characters are not spoken: they only mark the text beside them.</summary>
    Cut,

    /// <summary>The characters are not spoken: a whole thing is left out, and the text closes up behind it.</summary>
    Omit,

    /// <summary>Something else is said in their place.</summary>
    Say,
}
