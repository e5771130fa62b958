using Microsoft.Extensions.AI;
using Switchboard.Speech;

namespace Samples;

public static class Voice
{
    public static async Task SpeakAsync(IChatClient model, string question, Action<string> speak)
    {
        var voice = model.UseSpokenText(new SpokenTextOptions { CodePhrase = "I have put the code in the chat." });
        await foreach (var update in voice.GetStreamingResponseAsync(question))
        {
            speak(update.Text);
        }
    }
}
