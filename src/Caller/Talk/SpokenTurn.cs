namespace Caller.Talk;

/// <summary>What the caller says next.</summary>
/// <param name="Text">The speech.</param>
/// <param name="InterruptAfter">Pieces of the answer after which the caller speaks again; null: hears it out.</param>
internal sealed record SpokenTurn(string Text, int? InterruptAfter = null)
{
    /// <summary>What is to come of it.</summary>
    public IReadOnlyList<Expectation> Expected { get; init; } = [];
}
