using System.Runtime.InteropServices;

namespace Sonde.SystemTests.Lab;

/// <summary>Memory for packets that wait to be sent; outside the collected heap, so that waiting makes no garbage.
/// One thread at a time.</summary>
internal sealed unsafe class PacketPool : IDisposable
{
    private const int SlotSize = 2048;
    private readonly Stack<nint> _free = new(1024);

    /// <summary>Memory for so many bytes; give it back with the same length.</summary>
    public nint Rent(int length) =>
        length > SlotSize ? (nint)NativeMemory.Alloc((nuint)length)
        : _free.TryPop(out var slot) ? slot
        : (nint)NativeMemory.Alloc(SlotSize);

    /// <summary>Takes the memory back.</summary>
    public void Return(nint memory, int length)
    {
        if (length > SlotSize)
        {
            NativeMemory.Free((void*)memory);
            return;
        }
        _free.Push(memory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_free.TryPop(out var slot))
        {
            NativeMemory.Free((void*)slot);
        }
    }
}
