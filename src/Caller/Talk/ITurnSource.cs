namespace Caller.Talk;

/// <summary>Where the caller's speech comes from: a person who types, or a script.</summary>
internal interface ITurnSource
{
    /// <summary>The next thing said; null at the end.</summary>
    Task<SpokenTurn?> NextAsync(CancellationToken cancellationToken);
}
