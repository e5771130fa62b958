using System.Diagnostics.CodeAnalysis;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>The platforms that are known, each by its dialect.</summary>
internal static class Dialects
{
    /// <summary>Of a client that is none of them: any client of OpenAI's.</summary>
    public static readonly Dialect Plain = new("openai") { Read = _ => new(), Control = CallControl.ByEither };

    /// <summary>
    /// In the order in which they are asked; the first that knows a request as its own reads it. A name that only one platform has goes before those that
    /// others have too: first IMS, whose errors are promised, then headers, which no app puts into a body by chance, then objects of the body, then single
    /// values, and last what many clients send.
    /// </summary>
    public static readonly IReadOnlyList<Dialect> All =
    [
        ImsCall.Dialect,
        // Headers of their own. An app on LiveKit may put any field into its bodies.
        LiveKitCall.Dialect, TrtcCall.Dialect, DidCall.Dialect,
        // Objects of the body that have a name or a content of their own.
        ZegoCall.Dialect, TelnyxCall.Dialect, VapiCall.Dialect, AgoraCall.Dialect, ElevenLabsCall.Dialect,
        // Values, and pairs of names. What an app adds to Volcengine's body stands at its top, and may be called as Fish Audio's.
        VolcengineCall.Dialect, FishAudioCall.Dialect, BolnaCall.Dialect, VocodeCall.Dialect,
        // One header that any careful client may send.
        CartesiaCall.Dialect,
        // Nothing of their own.
        PipecatCall.Dialect, DeepgramCall.Dialect,
    ];

    /// <summary>The names that settings may say.</summary>
    public static readonly IReadOnlyList<string> Names = [.. All.Append(Plain).Select(dialect => dialect.Name)];

    private static readonly Dialect[] InOrder = [.. All];

    private static readonly Dictionary<string, Dialect> ByName = All.Append(Plain).ToDictionary(dialect => dialect.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, Dialect> ByLetters = new(All.Append(Plain).Select(dialect => KeyValuePair.Create(Letters(dialect.Name), dialect)))
    {
        // It is LiveKit.
        ["liveavatar"] = LiveKitCall.Dialect,
    };

    /// <summary>The dialect of the platform that a call came from; <see cref="Plain"/> where it is not known.</summary>
    public static Dialect Of(CallContext call) => call.Platform is { } name && ByName.TryGetValue(name, out var dialect) ? dialect : Plain;

    /// <summary>The dialect of a request; <see cref="Plain"/> where none knows it.</summary>
    public static Dialect Of(CallRequest request)
    {
        foreach (var dialect in InOrder)
        {
            if (dialect.Recognises(request))
            {
                return dialect;
            }
        }

        return Plain;
    }

    /// <summary>Finds a platform as people write it, such as <c>Fish Audio</c> and <c>D-ID</c>.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Dialect? dialect) => ByLetters.TryGetValue(Letters(name), out dialect);

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
