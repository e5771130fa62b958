namespace Switchboard.Speech;

/// <summary>What the filter is inside of.</summary>
internal enum SpeechMode
{
    Prose,

    /// <summary>Between back ticks: said as it stands.</summary>
    InlineCode,

    /// <summary>Between fences.</summary>
    FencedCode,

    /// <summary>In an element or comment whose content is not spoken.</summary>
    Unspoken,

    /// <summary>After the h of an hour: 15 h 30.</summary>
    Hour,

    /// <summary>After the host of an address.</summary>
    AddressTail,

    /// <summary>In the definition of a footnote or link: up to the end of the line.</summary>
    UnspokenLine,

    /// <summary>In a directive to the platform, which is passed on as it stands.</summary>
    Directive,
}
