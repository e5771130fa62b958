namespace Caller.Check;

/// <summary>Where the sentences of the contract come from.</summary>
internal static class Sources
{
    public static readonly Uri Ims = new("https://www.alibabacloud.com/help/en/ims/user-guide/llm-configuration");
    public static readonly Uri ImsHangUp = new("https://help.aliyun.com/en/ims/user-guide/how-to-achieve-automatic-hang-up");
    public static readonly Uri OpenAiChunk = new("https://platform.openai.com/docs/api-reference/chat-streaming/streaming");
    public static readonly Uri OpenAiCreate = new("https://platform.openai.com/docs/api-reference/chat/create");
    public static readonly Uri OpenAiErrors = new("https://platform.openai.com/docs/guides/error-codes");
    public static readonly Uri OpenAiTools = new("https://platform.openai.com/docs/guides/function-calling");
    public static readonly Uri EventStream = new("https://html.spec.whatwg.org/multipage/server-sent-events.html");
    public static readonly Uri Http = new("https://www.rfc-editor.org/rfc/rfc9110");
    public static readonly Uri HttpFraming = new("https://www.rfc-editor.org/rfc/rfc9112");
    public static readonly Uri Caching = new("https://www.rfc-editor.org/rfc/rfc9111");
    public static readonly Uri Bearer = new("https://www.rfc-editor.org/rfc/rfc6750");
    public static readonly Uri Json = new("https://www.rfc-editor.org/rfc/rfc8259");
    public static readonly Uri Nginx = new("https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering");
    public static readonly Uri ErrorHandling = new("https://owasp.org/www-community/Improper_Error_Handling");
    public static readonly Uri LiveKit = new("https://github.com/livekit/agents");
    public static readonly Uri OpenAiPython = new("https://github.com/openai/openai-python");
    public static readonly Uri Pipecat = new("https://github.com/pipecat-ai/pipecat");
    public static readonly Uri Vapi = new("https://docs.vapi.ai/customization/custom-llm/using-your-server");
    public static readonly Uri ElevenLabs = new("https://elevenlabs.io/docs/agents-platform/customization/llm/custom-llm");
}
