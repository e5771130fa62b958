namespace Switchboard.Http;

/// <summary>
/// The routes, without a leading slash as HTTP triggers want them. The platform appends <c>/chat/completions</c> to whatever
/// base URL was typed in, so the completions and the models are served with and without <c>v1</c>.
/// </summary>
public static class Routes
{
    public const string ChatCompletions = "chat/completions";
    public const string ChatCompletionsV1 = "v1/chat/completions";
    public const string Models = "models";
    public const string ModelsV1 = "v1/models";
    public const string Calls = "calls";
    public const string Call = $"calls/{{{CallId}}}";
    public const string Console = "console";
    public const string Live = "health/live";
    public const string Ready = "health/ready";

    /// <summary>The parameter of <see cref="Call"/>.</summary>
    internal const string CallId = "instanceId";
}
