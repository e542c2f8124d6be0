/** The form of registering, fetched when somebody registers: the desk and the lists do without its bytes. */
import { lazy, Suspense, type ComponentProps } from "react";
import { SkeletonRows } from "../../ui/Skeletons.tsx";

const RegisterForm = lazy(async () => ({ default: (await import("./RegisterForm.tsx")).RegisterForm }));

export function Registering(props: ComponentProps<typeof RegisterForm>) {
  return (
    <Suspense fallback={<SkeletonRows rows={6} />}>
      <RegisterForm {...props} />
    </Suspense>
  );
}
