namespace Caller.Platform;

/// <summary>How one platform asks a custom LLM, and what it does with the answer: a row of <see cref="VoicePlatforms"/>.</summary>
/// <remarks>
/// In texts <c>{name}</c> stands for a value of the call (<see cref="TurnValues"/>). A JSON string that is nothing else becomes
/// that value in its own type; what holds a value that the call does not have is left out.
/// </remarks>
/// <param name="Name">As it is given on the command line.</param>
/// <param name="Source">The vendor's own page or source.</param>
internal sealed record VoicePlatform(string Name, Uri Source)
{
    /// <summary>The body of a turn, a JSON object.</summary>
    public required string Body { get; init; }

    /// <summary>Nothing is appended to the URL; without it <c>/chat/completions</c> is.</summary>
    public bool FullUrl { get; init; }

    /// <summary>Headers beside Content-Type and the key.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Name and value of the header that carries the key.</summary>
    public (string Name, string Value) Key { get; init; } = ("Authorization", "Bearer {key}");

    public bool BearsKey => Key.Name == "Authorization";

    /// <summary>Whether the body is compressed, with brotli.</summary>
    public bool Compressed { get; init; }

    /// <summary>Whether its URL may have a query.</summary>
    public bool TakesQuery { get; init; } = true;

    /// <summary>The system message; null: none is sent.</summary>
    public string? System { get; init; } = "You answer the hotel phone.";

    /// <summary>What the platform says first, without asking; null: nothing. It stands in the history.</summary>
    public string? Opening { get; init; }

    /// <summary>How a message of the caller stands in the history, a JSON object; its text is <c>{text}</c>.</summary>
    public string User { get; init; } = """{"role":"user","content":"{text}"}""";

    /// <summary>How an answer stands in the history.</summary>
    public string Assistant { get; init; } = """{"role":"assistant","content":"{text}"}""";

    /// <summary>How an answer that the caller interrupted stands there: <c>{text}</c> is what was heard, <c>{original}</c> what had arrived. Null: as any other.</summary>
    public string? Interrupted { get; init; }

    /// <summary>Earlier messages that are sent beside the system message and what was just said; null: all.</summary>
    public int? History { get; init; }

    /// <summary>Tools that are offered, a JSON array; null: none. They stand where the body says <c>{tools}</c>.</summary>
    public string? Tools { get; init; }

    /// <summary>Whether tools are OpenAI's older functions: <c>functions</c>, <c>function_call</c>, role <c>function</c>.</summary>
    public bool Legacy { get; init; }

    /// <summary>The tool that ends the call; null: an answer cannot.</summary>
    public string? EndTool { get; init; }

    /// <summary>What its result says where one more request follows, for the goodbye; null: the call ends at once.</summary>
    public string? EndResult { get; init; }

    /// <summary>The tool that transfers the call; null: an answer cannot.</summary>
    public string? TransferTool { get; init; }

    /// <summary>Whether tools are run and the model is then asked again with their results.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>What stands in the history for a result that is not there yet; null: there is no such thing.</summary>
    public string? Unfinished { get; init; }

    /// <summary>How its client reads an answer.</summary>
    public ReadingRules Reading { get; init; } = ReadingRules.Plain;

    /// <summary>When its client asks again.</summary>
    public RetryRules Retries { get; init; } = RetryRules.None;

    /// <summary>How long it waits for the first output before it gives up or asks again; null: not known, or longer than any caller waits.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Whether requests go out on what it believes the caller is about to say, so that requests of one call overlap.</summary>
    public bool Speculates { get; init; }

    /// <summary>Whether it asks for a greeting before the caller has said anything.</summary>
    public bool AsksForGreeting { get; init; }

    /// <summary>Whether it asks for <c>models</c> beside the address of the turns.</summary>
    public bool AsksForModels { get; init; }

    /// <summary>Whether the real-time workflow's directives in the text are obeyed.</summary>
    public bool Directives { get; init; }

    /// <summary>Whether its request says which call it is of.</summary>
    public bool SendsCallId => HasPlaceFor("call") || HasPlaceFor("custom");

    public bool AsksForUsage => Body.Contains("include_usage", StringComparison.Ordinal);

    public bool IsIms => Name == VoicePlatforms.ImsName;

    /// <summary>Whether a value of the call has a place in its request.</summary>
    public bool HasPlaceFor(string value) =>
        new[] { Body, System, User, Assistant, Tools }.Concat(Headers.Select(header => header.Value)).Any(text => text?.Contains($"{{{value}}}", StringComparison.Ordinal) == true);
}
