namespace Caller.Check;

/// <summary>How much hangs on a check.</summary>
internal enum CheckLevel
{
    /// <summary>A server that fails it will, on some documented platform, lose or garble a turn, let a stranger in, or bill wrongly.</summary>
    Required,

    /// <summary>Calls work without it, but worse.</summary>
    Advised,
}
