namespace Switchboard.Platforms;

/// <summary>How a hang-up and a transfer leave for a platform.</summary>
internal sealed record CallControl
{
    /// <summary>As the tool that a request offers for it; a request without one has no form for it.</summary>
    public static readonly CallControl ByTool = new();

    /// <summary>As IMS has it: a tool call that it maps, and directives in the text.</summary>
    public static readonly CallControl ByDirective = new() { HasTools = false, ReadsDirectives = true };

    /// <summary>As the tool that a request offers for it, and without one as IMS has it: for whoever is not known.</summary>
    public static readonly CallControl ByEither = new() { ReadsDirectives = true };

    /// <summary>Whether its requests offer tools for it.</summary>
    public bool HasTools { get; init; } = true;

    /// <summary>Whether directives in the text are obeyed. Any other platform would read them aloud.</summary>
    public bool ReadsDirectives { get; init; }

    /// <summary>Whether the platform runs tool calls that stand in the text, as <c>functions.name({…})</c>.</summary>
    public bool RunsWrittenCalls { get; init; }

    /// <summary>Whether the platform takes one tool call of an answer, and fails at another.</summary>
    public bool TakesOneCall { get; init; }

    /// <summary>Where the last words belong beside a tool call.</summary>
    public LastWords LastWords { get; init; }
}

/// <summary>Where the last words belong beside a tool call that ends or moves the call.</summary>
internal enum LastWords
{
    /// <summary>In the text before the call.</summary>
    BeforeCall,

    /// <summary>In an argument of the call, where it takes one: text before it is spoken twice, or has the call dropped.</summary>
    InCall,

    /// <summary>In the next answer: the platform runs the tool and asks for them.</summary>
    AfterCall,
}
