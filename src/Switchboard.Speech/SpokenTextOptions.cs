namespace Switchboard.Speech;

/// <summary>What is said in place of text that cannot be read aloud.</summary>
public sealed class SpokenTextOptions
{
    /// <summary>What is said for a block of fenced code, once per block. Default null: the block is dropped in silence.</summary>
    public string? CodePhrase { get; set; }
}
