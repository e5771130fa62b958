using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>The platforms that are known, each by its dialect.</summary>
internal static class Dialects
{
    /// <summary>Of a client that is none of them: any client of OpenAI's.</summary>
    public static readonly Dialect Plain = new("openai") { Recognises = (_, _) => true, Read = (call, _, _) => call };

    /// <summary>In the order in which they are asked: the first that knows a request as its own reads it.</summary>
    public static readonly IReadOnlyList<Dialect> All = [ImsCall.Dialect, VapiCall.Dialect, TrtcCall.Dialect];

    private static readonly Dictionary<string, Dialect> ByName = All.ToDictionary(dialect => dialect.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The dialect of the platform that a call came from; <see cref="Plain"/> where it is not known.</summary>
    public static Dialect Of(CallContext call) => call.Platform is { } name && ByName.TryGetValue(name, out var dialect) ? dialect : Plain;

    /// <summary>The dialect of a request.</summary>
    public static Dialect Of(JsonElement body, HttpRequest request) => All.FirstOrDefault(dialect => dialect.Recognises(body, request)) ?? Plain;
}
